var o=()=>({show(){},focus(){},destroy(){}});export{o as mountEditor};
